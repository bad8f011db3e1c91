/**
 * The outside schema registry of the tests: Apicurio Registry in a process of its own, asked by Confluent's REST API.
 */
@NullMarked
package io.forebay.it.registry;

import org.jspecify.annotations.NullMarked;
