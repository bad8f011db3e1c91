package io.forebay.http;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Finds the route of a request by its raw segments. In the same place a literal segment goes before a parameter with a
 * literal end, that before a parameter, and that before the rest of a path.
 */
final class RouteTable implements Routes {
    private final Node root = new Node();
    private final List<Route> routes = new ArrayList<>();

    private static final class Node {
        final Map<String, Node> literals = new HashMap<>();

        final Map<String, Node> suffixed = new TreeMap<>();

        @Nullable
        Node parameter;

        @Nullable
        Node rest;

        final Map<String, Route> byMethod = new TreeMap<>();
    }

    /** The routes of one path by method, and where their parameters are. */
    record Match(Map<String, Route> byMethod, List<String> segments) {
        /** The path parameters of a route of this path, raw, each a sequence of escapes that hold. */
        Map<String, String> parametersOf(Route route) {
            Map<String, String> parameters = new LinkedHashMap<>();
            List<String> templates = segmentsOf(route.template());
            for (int i = 0; i < templates.size(); i++) {
                String template = templates.get(i);
                if (template.startsWith("{")) {
                    String name = nameOf(template);
                    List<String> taken = isRest(template)
                            ? segments.subList(i, segments.size())
                            : List.of(withoutEnd(segments.get(i), suffixOf(template)));
                    taken.forEach(segment -> RawTarget.decode(segment, false, name));
                    parameters.put(name, String.join("/", taken));
                }
            }
            return parameters;
        }

        private static String withoutEnd(String segment, String suffix) {
            return segment.substring(0, segment.length() - suffix.length());
        }
    }

    @Override
    public void add(Route route) {
        Node node = root;
        for (String segment : segmentsOf(route.template())) {
            node = childOf(node, segment);
        }
        if (node.byMethod.putIfAbsent(route.method(), route) != null) {
            throw new IllegalArgumentException("a route of " + route.method() + " " + route.template() + " exists");
        }
        routes.add(route);
    }

    private static Node childOf(Node node, String segment) {
        if (!segment.startsWith("{")) {
            return node.literals.computeIfAbsent(segment, s -> new Node());
        }
        if (isRest(segment)) {
            Node rest = node.rest == null ? new Node() : node.rest;
            node.rest = rest;
            return rest;
        }
        String suffix = suffixOf(segment);
        if (!suffix.isEmpty()) {
            return node.suffixed.computeIfAbsent(suffix, s -> new Node());
        }
        Node parameter = node.parameter == null ? new Node() : node.parameter;
        node.parameter = parameter;
        return parameter;
    }

    /** All routes in the order they were added. */
    List<Route> routes() {
        return List.copyOf(routes);
    }

    /** The routes of a path, or null where there is none. */
    @Nullable
    Match find(List<String> segments) {
        Node node = find(root, segments, 0);
        return node == null ? null : new Match(node.byMethod, segments);
    }

    private static @Nullable Node find(Node node, List<String> segments, int index) {
        if (index == segments.size()) {
            return node.byMethod.isEmpty() ? null : node;
        }
        String segment = segments.get(index);
        Node literal = node.literals.get(segment);
        if (literal != null) {
            Node found = find(literal, segments, index + 1);
            if (found != null) {
                return found;
            }
        }
        for (Map.Entry<String, Node> suffixed : node.suffixed.entrySet()) {
            if (segment.length() > suffixed.getKey().length() && segment.endsWith(suffixed.getKey())) {
                Node found = find(suffixed.getValue(), segments, index + 1);
                if (found != null) {
                    return found;
                }
            }
        }
        Node parameter = node.parameter;
        Node found = parameter == null || segment.isEmpty() ? null : find(parameter, segments, index + 1);
        return found == null ? node.rest : found;
    }

    private static List<String> segmentsOf(String template) {
        return HeaderSyntax.splitPlain(template.substring(1), '/');
    }

    private static boolean isRest(String segment) {
        return segment.endsWith(Route.REST);
    }

    private static String nameOf(String segment) {
        return segment.substring(1, segment.indexOf(isRest(segment) ? Route.REST : "}"));
    }

    private static String suffixOf(String segment) {
        return segment.substring(segment.indexOf('}') + 1);
    }
}
