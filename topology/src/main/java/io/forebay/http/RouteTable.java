package io.forebay.http;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Finds the route of a request by its raw segments. A literal segment goes before a parameter in the same place. */
final class RouteTable implements Routes {
    private final Node root = new Node();
    private final List<Route> routes = new ArrayList<>();

    private static final class Node {
        final Map<String, Node> literals = new HashMap<>();

        @Nullable
        Node parameter;

        final Map<String, Route> byMethod = new TreeMap<>();
    }

    /** The routes of one path by method, and where their parameters are. */
    record Match(Map<String, Route> byMethod, List<String> segments) {
        /** The path parameters of a route of this path, decoded. */
        Map<String, String> parametersOf(Route route) {
            Map<String, String> parameters = new LinkedHashMap<>();
            List<String> names = segmentsOf(route.template());
            for (int i = 0; i < names.size(); i++) {
                String name = names.get(i);
                if (isParameter(name)) {
                    String parameter = name.substring(1, name.length() - 1);
                    parameters.put(parameter, RawTarget.decode(segments.get(i), false, parameter));
                }
            }
            return parameters;
        }
    }

    @Override
    public void add(Route route) {
        Node node = root;
        for (String segment : segmentsOf(route.template())) {
            if (isParameter(segment)) {
                Node next = node.parameter;
                if (next == null) {
                    next = new Node();
                    node.parameter = next;
                }
                node = next;
            } else {
                node = node.literals.computeIfAbsent(segment, s -> new Node());
            }
        }
        if (node.byMethod.putIfAbsent(route.method(), route) != null) {
            throw new IllegalArgumentException("a route of " + route.method() + " " + route.template() + " exists");
        }
        routes.add(route);
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
        Node parameter = node.parameter;
        return parameter == null || segment.isEmpty() ? null : find(parameter, segments, index + 1);
    }

    private static List<String> segmentsOf(String template) {
        return HeaderSyntax.splitPlain(template.substring(1), '/');
    }

    private static boolean isParameter(String segment) {
        return segment.startsWith("{") && segment.endsWith("}");
    }
}
