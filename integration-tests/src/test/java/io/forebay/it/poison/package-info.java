/** Bad records and bad requests, every line of the table in docs/topics.md, for all capabilities on one stack. */
@NullMarked
package io.forebay.it.poison;

import org.jspecify.annotations.NullMarked;
