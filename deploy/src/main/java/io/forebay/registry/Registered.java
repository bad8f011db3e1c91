package io.forebay.registry;

import java.util.List;

/**
 * A schema as one version of a subject.
 *
 * @param subject the subject
 * @param version its version there, from 1 on
 * @param id the schema's id, the same under every subject
 * @param schema the schema's JSON
 * @param references the types that it takes from other subjects
 */
record Registered(String subject, int version, int id, String schema, List<Reference> references) {

    Registered {
        references = List.copyOf(references);
    }
}
