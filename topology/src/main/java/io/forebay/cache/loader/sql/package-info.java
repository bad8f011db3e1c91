/**
 * Loading from databases: a statement by the entry's key, whose rows become JSON. Owns pools and their threads; hides how a
 * query is kept within its time and its size, and what each type of column becomes.
 */
@NullMarked
package io.forebay.cache.loader.sql;

import org.jspecify.annotations.NullMarked;
