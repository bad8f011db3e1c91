/** A real PostgreSQL for tests: owns where it comes from and when it ends. */
@NullMarked
package io.forebay.it.postgres;

import org.jspecify.annotations.NullMarked;
