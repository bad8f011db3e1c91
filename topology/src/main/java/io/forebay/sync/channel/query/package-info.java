/** Questions to a partition of any stage of record sync about how far it has got. */
@NullMarked
package io.forebay.sync.channel.query;

import org.jspecify.annotations.NullMarked;
