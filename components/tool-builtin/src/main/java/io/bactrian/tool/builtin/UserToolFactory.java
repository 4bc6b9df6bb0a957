package io.bactrian.tool.builtin;

import io.bactrian.core.error.ErrorCode;
import io.bactrian.core.error.MisconfiguredException;
import io.bactrian.core.tool.ToolEnvironment;
import io.bactrian.core.tool.ToolProviderController;
import io.bactrian.core.tool.ToolProviderFactory;
import io.bactrian.core.tool.ToolProviderSource;
import io.bactrian.core.tool.ToolProviderType;
import io.bactrian.core.tool.annotation.AnnotatedTools;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Makes builtin providers of a project's own beans: of those that are a {@link ToolProviderController}, and of those whose class
 * is annotated {@link io.bactrian.core.tool.annotation.AiTools}. They are looked for once, when the engine starts.
 */
public final class UserToolFactory implements ToolProviderFactory {

    private static final Logger LOG = LoggerFactory.getLogger(UserToolFactory.class);

    /** For {@link java.util.ServiceLoader}. */
    public UserToolFactory() {}

    /** @throws MisconfiguredException naming the bean whose class is wrong, or the name that two providers have */
    @Override
    public List<ToolProviderSource> sources(ToolEnvironment environment) {
        List<ToolProviderController> found = new ArrayList<>();
        for (ToolProviderController bean : environment.beans(ToolProviderController.class)) {
            found.add(checked(bean));
        }
        for (Object bean : annotated(environment)) {
            found.add(AnnotatedTools.of(bean, environment.json()));
        }
        if (found.isEmpty()) {
            return List.of();
        }
        Map<String, ToolProviderController> byName = byName(found);
        LOG.info(
                "tools of the project's own: {}",
                byName.values().stream().map(UserToolFactory::summary).toList());
        return List.of(new BuiltinToolSource(List.copyOf(byName.values())));
    }

    /** No registry finds beans by annotation, so all are looked at; some registries have beans that cannot be. */
    private static List<Object> annotated(ToolEnvironment environment) {
        try {
            return environment.beans(Object.class).stream()
                    .filter(AnnotatedTools::isAnnotated)
                    .toList();
        } catch (RuntimeException e) {
            LOG.warn(
                    "this registry has beans that cannot be looked at, so none is looked for @AiTools:"
                            + " make AnnotatedTools.of(object, ToolJson.codec()) a bean for each of them",
                    e);
            return List.of();
        }
    }

    private static ToolProviderController checked(ToolProviderController bean) {
        if (bean.toolProviderType() != ToolProviderType.BUILTIN) {
            throw new MisconfiguredException(
                    ErrorCode.MISCONFIGURED,
                    "the bean " + bean.getClass().getName() + " is a ToolProviderController of kind "
                            + bean.toolProviderType() + ": a bean's kind is builtin");
        }
        return bean;
    }

    private static Map<String, ToolProviderController> byName(List<ToolProviderController> found) {
        Map<String, ToolProviderController> byName = new TreeMap<>();
        for (ToolProviderController provider : found) {
            ToolProviderController other = byName.putIfAbsent(provider.entity().name(), provider);
            if (other != null && other != provider) {
                throw new MisconfiguredException(
                        ErrorCode.MISCONFIGURED,
                        "two beans are providers of tools named '"
                                + provider.entity().name() + "': give one of them another name");
            }
        }
        return byName;
    }

    private static String summary(ToolProviderController provider) {
        return provider.entity().name()
                + provider.tools().stream()
                        .map(tool -> tool.entity().name())
                        .collect(Collectors.joining(", ", " (", ")"));
    }
}
