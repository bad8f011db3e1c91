/**
 * The erasure of keys from outside a running instance: it deletes them by command, has the broker compact the store's
 * changelog, and tells of each topic what remains until when. Hides how outcomes are read off the changelog and how topic
 * settings are lowered and put back.
 */
@NullMarked
package io.forebay.erasure;

import org.jspecify.annotations.NullMarked;
