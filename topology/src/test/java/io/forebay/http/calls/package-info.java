/** The calls of a capability, served with no cluster behind them. */
@NullMarked
package io.forebay.http.calls;

import org.jspecify.annotations.NullMarked;
