package io.forebay.registry;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;

/**
 * A named type of a schema that another subject defines.
 *
 * @param name the full name of the type, as the schema uses it
 * @param subject the subject that defines it
 * @param version the version of that subject
 */
@JsonIgnoreProperties(ignoreUnknown = true)
record Reference(String name, String subject, int version) {}
