/** Tests of the development registry with Confluent's genuine client on a real broker. */
@NullMarked
package io.forebay.registry;

import org.jspecify.annotations.NullMarked;
