package io.bactrian.core.config;

import io.bactrian.core.provider.ModelType;
import io.bactrian.core.provider.ProviderId;
import io.bactrian.core.tenant.ApiKeyId;
import io.bactrian.core.tenant.Role;
import io.bactrian.core.tenant.TenantId;
import io.bactrian.core.tenant.UserId;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * Several sources as one: the first that holds an answer gives it. A source that cannot answer is not passed over: its
 * error is the answer.
 */
public final class ConfigurationSources implements ConfigurationSource {

    private final List<ConfigurationSource> sources;

    /** @param sources in descending precedence */
    public ConfigurationSources(List<? extends ConfigurationSource> sources) {
        this.sources = List.copyOf(sources);
    }

    @Override
    public String name() {
        return sources.stream().map(ConfigurationSource::name).collect(Collectors.joining(", "));
    }

    @Override
    public long version(TenantId tenant) {
        long sum = 0;
        for (int i = 0; i < sources.size(); i++) {
            // each count only goes up, so their sum changes whenever one of them does
            sum += sources.get(i).version(tenant);
        }
        return sum;
    }

    @Override
    public Optional<TenantRecord> tenant(TenantId tenant) {
        // asked for every call
        for (int i = 0; i < sources.size(); i++) {
            Optional<TenantRecord> known = sources.get(i).tenant(tenant);
            if (known.isPresent()) {
                return known;
            }
        }
        return Optional.empty();
    }

    @Override
    public Optional<ProviderRecord> provider(TenantId tenant, ProviderId provider) {
        return sources.stream()
                .map(source -> source.provider(tenant, provider))
                .flatMap(Optional::stream)
                .reduce(ProviderRecord::over);
    }

    @Override
    public Optional<ModelReference> defaultModel(TenantId tenant, ModelType type) {
        return first(source -> source.defaultModel(tenant, type));
    }

    @Override
    public Optional<Role> role(TenantId tenant, UserId user) {
        return first(source -> source.role(tenant, user));
    }

    @Override
    public boolean managesMembers(TenantId tenant) {
        return sources.stream().anyMatch(source -> source.managesMembers(tenant));
    }

    @Override
    public Optional<ApiKeyRecord> apiKey(TenantId tenant, ApiKeyId id) {
        return first(source -> source.apiKey(tenant, id));
    }

    @Override
    public void refresh(TenantId tenant) {
        sources.forEach(source -> source.refresh(tenant));
    }

    @Override
    public Duration silence() {
        Duration longest = Duration.ZERO;
        for (ConfigurationSource source : sources) {
            Duration silence = source.silence();
            longest = silence.compareTo(longest) > 0 ? silence : longest;
        }
        return longest;
    }

    @Override
    public void onChange(Consumer<TenantId> listener) {
        sources.forEach(source -> source.onChange(listener));
    }

    private <T> Optional<T> first(Function<ConfigurationSource, Optional<T>> question) {
        for (ConfigurationSource source : sources) {
            Optional<T> answer = question.apply(source);
            if (answer.isPresent()) {
                return answer;
            }
        }
        return Optional.empty();
    }
}
