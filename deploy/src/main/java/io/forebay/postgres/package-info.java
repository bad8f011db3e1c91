/**
 * PostgreSQL's catalogue, and the association model that its keys suggest: what can be read of tables and keys, how
 * associations are named, and the file that is made of it. Hides the catalogue's own tables and how a connection fails.
 */
@NullMarked
package io.forebay.postgres;

import org.jspecify.annotations.NullMarked;
