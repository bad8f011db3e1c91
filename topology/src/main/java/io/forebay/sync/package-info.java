/** Record sync: its settings and what its stages share of them. Hides nothing; each stage is a package of its own. */
@NullMarked
package io.forebay.sync;

import org.jspecify.annotations.NullMarked;
