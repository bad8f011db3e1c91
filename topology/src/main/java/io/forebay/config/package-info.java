/**
 * Configuration: keys with their rules, the reader that checks all of them before anything starts, secrets from files and
 * the environment. Hides where a value comes from; nothing else reads the environment.
 */
@NullMarked
package io.forebay.config;

import org.jspecify.annotations.NullMarked;
