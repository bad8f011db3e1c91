package io.forebay.it.poison;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * A line of the table in docs/topics.md.
 *
 * @param text what is wrong
 * @param reasons of dead letters; none where it is no matter of the topic
 * @param status of HTTP; null where it is no matter of HTTP
 * @param code of the problem; null where there is none
 * @param fields that problems name, as far as they are written out
 */
record DocumentedLine(
        String text,
        Set<String> reasons,
        @Nullable Integer status,
        @Nullable String code,
        Set<String> fields) {

    private static final Path PAGE = Path.of("../docs/topics.md");
    private static final String HEAD = "| what | by topic: reason | by HTTP: status, code, field |";
    private static final Pattern STATUS = Pattern.compile("\\d{3}\\b.*");
    private static final Pattern QUOTED = Pattern.compile("`([^`]+)`");
    private static final Pattern CODE = Pattern.compile("[a-z][a-z0-9_]+");

    static List<DocumentedLine> all() {
        try {
            return Files.readAllLines(PAGE).stream()
                    .dropWhile(line -> !line.equals(HEAD))
                    .skip(2)
                    .takeWhile(line -> line.startsWith("|"))
                    .map(DocumentedLine::of)
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static DocumentedLine of(String line) {
        String[] cells = line.split("\\|", -1);
        String byTopic = cells[2].trim();
        String byHttp = cells[3].trim();
        List<String> answer = quoted(byHttp);
        boolean refused = STATUS.matcher(byHttp).matches();
        return new DocumentedLine(
                cells[1].trim(),
                quoted(byTopic).stream()
                        .filter(word -> CODE.matcher(word).matches())
                        .collect(Collectors.toSet()),
                refused ? Integer.valueOf(byHttp.substring(0, 3)) : null,
                refused && !answer.isEmpty() ? answer.get(0) : null,
                refused ? answer.stream().skip(1).collect(Collectors.toSet()) : Set.of());
    }

    private static List<String> quoted(String text) {
        return QUOTED.matcher(text).results().map(found -> found.group(1)).toList();
    }
}
