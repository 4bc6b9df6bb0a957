package io.bactrian.admin;

import io.bactrian.core.access.Permission;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Something that can be done over HTTP.
 *
 * @param method how it is asked for
 * @param path where, with its variables in braces
 * @param id what clients call it; no two have the same
 * @param summary what it does, in a sentence
 * @param permission what it takes; in the tenant of the path if it names one
 * @param parameters what may stand behind the question mark
 * @param takes the shape of the body; null for none
 * @param gives the shape of the answer; null for none
 * @param status the status when it is done
 * @param current what there is at the path; null if there is nothing to be compared with
 * @param handler does it
 */
record Operation(
        Method method,
        String path,
        String id,
        String summary,
        Permission permission,
        List<Parameter> parameters,
        @Nullable Class<?> takes,
        @Nullable Class<?> gives,
        int status,
        @Nullable Current current,
        Handler handler) {

    private static final Pattern VARIABLE = Pattern.compile("\\{([a-z_]+)}");

    /** How an operation is asked for. */
    enum Method {
        GET,
        POST,
        PUT,
        PATCH,
        DELETE
    }

    /** Copies the list. */
    Operation {
        parameters = List.copyOf(parameters);
    }

    /** Reads what is at a path. */
    static Operation read(
            String id, String path, String summary, Permission permission, Class<?> gives, Current current) {
        Handler handler = request -> Reply.of(current.of(request).orElseThrow(Problems::notFound));
        return new Operation(Method.GET, path, id, summary, permission, List.of(), null, gives, 200, current, handler);
    }

    /** Reads what is nothing by itself: a list, a report. */
    static Operation list(
            String id, String path, String summary, Permission permission, Class<?> gives, Handler handler) {
        return new Operation(Method.GET, path, id, summary, permission, List.of(), null, gives, 200, null, handler);
    }

    /** Adds something. */
    static Operation create(
            String id,
            String path,
            String summary,
            Permission permission,
            Class<?> takes,
            Class<?> gives,
            Handler handler) {
        return new Operation(Method.POST, path, id, summary, permission, List.of(), takes, gives, 201, null, handler);
    }

    /** Changes what is at a path, or with PUT, puts it there. */
    static Operation change(
            Method method,
            String id,
            String path,
            String summary,
            Permission permission,
            Class<?> takes,
            Class<?> gives,
            Current current,
            Handler handler) {
        return new Operation(method, path, id, summary, permission, List.of(), takes, gives, 200, current, handler);
    }

    /** Removes what is at a path. */
    static Operation remove(
            String id, String path, String summary, Permission permission, Current current, Handler handler) {
        return new Operation(
                Method.DELETE, path, id, summary, permission, List.of(), null, null, 204, current, handler);
    }

    /** Does something to what is there. */
    static Operation act(
            String id,
            String path,
            String summary,
            Permission permission,
            @Nullable Class<?> takes,
            @Nullable Class<?> gives,
            Handler handler) {
        return new Operation(
                Method.POST,
                path,
                id,
                summary,
                permission,
                List.of(),
                takes,
                gives,
                gives == null ? 204 : 200,
                null,
                handler);
    }

    /** The same on what is at the path of its resource, with conditions compared. */
    Operation on(Current compared) {
        return new Operation(
                method, path, id, summary, permission, parameters, takes, gives, status, compared, handler);
    }

    /** The same with parameters. */
    Operation with(Parameter... more) {
        List<Parameter> all = new ArrayList<>(parameters);
        all.addAll(List.of(more));
        return new Operation(method, path, id, summary, permission, all, takes, gives, status, current, handler);
    }

    /** The same, a page at a time. */
    Operation paged() {
        return with(Parameter.LIMIT, Parameter.AFTER);
    }

    /** Whether anything may be other than before when it is done. */
    boolean writes() {
        return method != Method.GET;
    }

    /** Whether what is at the path has to be there. */
    boolean needsWhatIsThere() {
        return current != null && method != Method.PUT;
    }

    /** The variables of the path, in order. */
    List<String> variables() {
        Matcher variable = VARIABLE.matcher(path);
        List<String> names = new ArrayList<>();
        while (variable.find()) {
            names.add(variable.group(1));
        }
        return names;
    }

    /** Whether it is done in a tenant that the path names. */
    boolean ofTenant() {
        return variables().contains(AdminRequest.TENANT);
    }

    /** The names of its parameters. */
    Set<String> parameterNames() {
        return parameters.stream().map(Parameter::name).collect(Collectors.toUnmodifiableSet());
    }

    /** Whether a path, still encoded, is one of its. */
    boolean matches(String encodedPath) {
        String[] theirs = encodedPath.split("/", -1);
        String[] ours = path.split("/", -1);
        if (theirs.length != ours.length) {
            return false;
        }
        for (int i = 0; i < ours.length; i++) {
            boolean variable = ours[i].startsWith("{");
            if (variable ? theirs[i].isEmpty() : !ours[i].equals(theirs[i])) {
                return false;
            }
        }
        return true;
    }
}
