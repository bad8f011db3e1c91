/** Tests of who may see what. */
@NullMarked
package io.forebay.sync.rule;

import org.jspecify.annotations.NullMarked;
