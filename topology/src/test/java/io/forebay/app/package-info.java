@NullMarked
package io.forebay.app;

import org.jspecify.annotations.NullMarked;
