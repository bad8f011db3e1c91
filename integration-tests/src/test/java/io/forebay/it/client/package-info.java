/**
 * How tests speak HTTP to Forebay: requests with position tokens and idempotency keys, answers as JSON, event streams read message by message.
 */
@NullMarked
package io.forebay.it.client;

import org.jspecify.annotations.NullMarked;
