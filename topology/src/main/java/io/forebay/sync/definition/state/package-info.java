/** What a partition of definitions keeps: the watchers and the model. Hides its keys. */
@NullMarked
package io.forebay.sync.definition.state;

import org.jspecify.annotations.NullMarked;
