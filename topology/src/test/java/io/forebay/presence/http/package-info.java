@NullMarked
package io.forebay.presence.http;

import org.jspecify.annotations.NullMarked;
