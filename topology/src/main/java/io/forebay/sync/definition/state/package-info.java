/** What a partition of definitions keeps: the watchers. Hides its key. */
@NullMarked
package io.forebay.sync.definition.state;

import org.jspecify.annotations.NullMarked;
