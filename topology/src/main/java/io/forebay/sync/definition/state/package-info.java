/** What a partition of definitions keeps: the watchers, and how many commands went to each partition of subscribers. Hides its keys. */
@NullMarked
package io.forebay.sync.definition.state;

import org.jspecify.annotations.NullMarked;
