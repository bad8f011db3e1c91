/**
 * The application: puts the parts together, starts and stops them in order. The only package that sees everything, and the
 * only one that creates Kafka Streams clients.
 */
@NullMarked
package io.forebay.app;

import org.jspecify.annotations.NullMarked;
