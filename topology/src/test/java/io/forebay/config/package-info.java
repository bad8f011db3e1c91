/** Tests of how configuration is read. */
@NullMarked
package io.forebay.config;

import org.jspecify.annotations.NullMarked;
