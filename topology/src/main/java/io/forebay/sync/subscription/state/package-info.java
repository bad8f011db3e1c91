/**
 * What a partition of subscribers keeps: for each subscriber the places that he follows and why, the records there, what he was told of them
 * last, and the rules that he is under. Hides its keys and forms.
 */
@NullMarked
package io.forebay.sync.subscription.state;

import org.jspecify.annotations.NullMarked;
