@NullMarked
package io.forebay.http;

import org.jspecify.annotations.NullMarked;
