/** Questions to a partition of subscribers: what one has subscribed to and follows, and who listens to what. Hides how it is found. */
@NullMarked
package io.forebay.sync.subscription.query;

import org.jspecify.annotations.NullMarked;
