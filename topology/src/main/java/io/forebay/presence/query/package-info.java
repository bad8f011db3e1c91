/** What can be asked of presences: one, a list that is narrowed and paged, counts. Evaluated inside the store. */
@NullMarked
package io.forebay.presence.query;

import org.jspecify.annotations.NullMarked;
