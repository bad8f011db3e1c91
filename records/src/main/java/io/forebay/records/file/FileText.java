package io.forebay.records.file;

import io.forebay.schemas.json.JsonLimits;
import io.forebay.schemas.json.JsonObject;
import io.forebay.schemas.json.JsonSyntaxException;
import io.forebay.schemas.json.JsonValue;
import java.io.StringReader;
import java.util.List;
import java.util.regex.Pattern;
import org.yaml.snakeyaml.DumperOptions;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;
import org.yaml.snakeyaml.error.MarkedYAMLException;
import org.yaml.snakeyaml.error.YAMLException;
import org.yaml.snakeyaml.nodes.MappingNode;
import org.yaml.snakeyaml.nodes.Node;
import org.yaml.snakeyaml.nodes.NodeTuple;
import org.yaml.snakeyaml.nodes.ScalarNode;
import org.yaml.snakeyaml.nodes.SequenceNode;
import org.yaml.snakeyaml.nodes.Tag;
import org.yaml.snakeyaml.representer.Representer;
import org.yaml.snakeyaml.resolver.Resolver;

/**
 * The text of a file as a JSON object. What begins with a brace is read as JSON, all else as YAML with JSON's plain
 * scalars: true, false, null (or nothing) and numbers as JSON writes them; everything else is text. YAML 1.1 would make a
 * boolean of a column called {@code on} or a country {@code no}. Tags, and anchors of anything but scalars, are refused.
 */
public final class FileText {

    private static final int MAX_BYTES = JsonLimits.DEFAULT_MAX_BYTES;
    private static final int MAX_DEPTH = 32;

    private FileText() {}

    /**
     * Reads the text.
     *
     * @throws InvalidFileException with one problem: the first place that cannot be read
     */
    public static JsonObject read(String text) {
        if (text.length() > MAX_BYTES) {
            throw problem("", "is larger than " + MAX_BYTES + " bytes");
        }
        try {
            return JsonObject.parse(text.stripLeading().startsWith("{") ? text : fromYaml(text));
        } catch (JsonSyntaxException e) {
            throw problem(e.pointer(), e.reason().code());
        } catch (MarkedYAMLException e) {
            int line = e.getProblemMark() == null ? 0 : e.getProblemMark().getLine() + 1;
            throw problem("", "is no YAML: line " + line + ": " + e.getProblem());
        } catch (YAMLException e) {
            throw problem("", "is no YAML: " + e.getMessage());
        }
    }

    private static InvalidFileException problem(String pointer, String problem) {
        return new InvalidFileException(List.of(new FileProblem(pointer, problem)));
    }

    private static String fromYaml(String text) {
        LoaderOptions options = new LoaderOptions();
        options.setMaxAliasesForCollections(0);
        options.setNestingDepthLimit(MAX_DEPTH);
        options.setCodePointLimit(MAX_BYTES);
        DumperOptions unused = new DumperOptions();
        Yaml yaml = new Yaml(new SafeConstructor(options), new Representer(unused), unused, options, new JsonScalars());
        Node root = yaml.compose(new StringReader(text));
        StringBuilder json = new StringBuilder(text.length());
        if (root == null) {
            return "{}";
        }
        write(root, json);
        return json.toString();
    }

    private static void write(Node node, StringBuilder json) {
        if (node instanceof MappingNode mapping) {
            json.append('{');
            for (int i = 0; i < mapping.getValue().size(); i++) {
                NodeTuple member = mapping.getValue().get(i);
                json.append(i == 0 ? "" : ",");
                if (!(member.getKeyNode() instanceof ScalarNode name)) {
                    throw new YAMLException("a name that is no text");
                }
                json.append(JsonValue.ofText(name.getValue()).raw()).append(':');
                write(member.getValueNode(), json);
            }
            json.append('}');
        } else if (node instanceof SequenceNode sequence) {
            json.append('[');
            for (int i = 0; i < sequence.getValue().size(); i++) {
                json.append(i == 0 ? "" : ",");
                write(sequence.getValue().get(i), json);
            }
            json.append(']');
        } else if (node instanceof ScalarNode scalar) {
            writeScalar(scalar, json);
        } else {
            throw new YAMLException("an anchor that holds itself");
        }
    }

    private static void writeScalar(ScalarNode scalar, StringBuilder json) {
        if (scalar.getTag().equals(Tag.STR)) {
            json.append(JsonValue.ofText(scalar.getValue()).raw());
        } else if (scalar.getTag().equals(Tag.NULL)) {
            json.append("null");
        } else if (scalar.getTag().equals(Tag.BOOL) || scalar.getTag().equals(Tag.FLOAT)) {
            json.append(scalar.getValue());
        } else {
            throw new YAMLException("a tag: " + scalar.getTag());
        }
    }

    /** Gives plain scalars the kinds of JSON. */
    private static final class JsonScalars extends Resolver {
        @Override
        protected void addImplicitResolvers() {
            addImplicitResolver(Tag.NULL, Pattern.compile("^(?:~|null| )$"), "~n\0");
            addImplicitResolver(Tag.NULL, EMPTY, null);
            addImplicitResolver(Tag.BOOL, Pattern.compile("^(?:true|false)$"), "tf");
            addImplicitResolver(
                    Tag.FLOAT,
                    Pattern.compile("^-?(?:0|[1-9][0-9]*)(?:\\.[0-9]+)?(?:[eE][-+]?[0-9]+)?$"),
                    "-0123456789");
        }
    }
}
