/**
 * Who may see what of which row. Owns rules and their language, the server's rules by table, the columns that are nobody's business,
 * a subscription's own rule, and what a change is to a subscriber who may see one side of it, both or neither. Hides how a rule is
 * compiled, what JSON is to it, and how its work is bounded; knows nothing of subscriptions, streams or Kafka.
 */
@NullMarked
package io.forebay.sync.rule;

import org.jspecify.annotations.NullMarked;
