/**
 * Loading: a cache that loads by itself has a loader, whatever it asks. Owns what holds for every load, its time, the number
 * under way and the tags of what it brings; hides what a loader is.
 */
@NullMarked
package io.forebay.cache.loader;

import org.jspecify.annotations.NullMarked;
