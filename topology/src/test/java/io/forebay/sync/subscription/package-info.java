/** What subscribers follow and are told, against worlds made up at random. */
@NullMarked
package io.forebay.sync.subscription;

import org.jspecify.annotations.NullMarked;
