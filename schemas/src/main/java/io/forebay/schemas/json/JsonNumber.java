package io.forebay.schemas.json;

import java.math.BigInteger;

/**
 * The value of a JSON number in a form in which equal values are equal objects: significant digits without zeros at either
 * end, and the power of ten of the last of them. Nothing is ever expanded, so {@code 1e999999999} costs as little as {@code
 * 1}. Minus zero is zero.
 *
 * @param negative whether it is below zero
 * @param digits significant digits; empty for zero
 * @param exponent power of ten of the last digit, in decimal
 */
record JsonNumber(boolean negative, String digits, String exponent) {

    private static final JsonNumber ZERO = new JsonNumber(false, "", "0");

    /**
     * Exponents longer than this are not computed with, for that takes time quadratic in their length: such numbers are the
     * same only when written the same.
     */
    private static final int MAX_EXPONENT_LENGTH = 1000;

    /** Reads the text of a JSON number. */
    static JsonNumber parse(String text) {
        boolean negative = text.charAt(0) == '-';
        int mantissaEnd = exponentMark(text);
        StringBuilder digits = new StringBuilder(mantissaEnd);
        int fraction = 0;
        boolean inFraction = false;
        for (int i = negative ? 1 : 0; i < mantissaEnd; i++) {
            char c = text.charAt(i);
            if (c == '.') {
                inFraction = true;
            } else {
                if (digits.length() > 0 || c != '0') {
                    digits.append(c);
                }
                if (inFraction) {
                    fraction++;
                }
            }
        }
        if (digits.length() == 0) {
            return ZERO;
        }
        int significant = digits.length();
        while (digits.charAt(significant - 1) == '0') {
            significant--;
        }
        long shift = (long) digits.length() - significant - fraction;
        digits.setLength(significant);
        return new JsonNumber(negative, digits.toString(), exponent(text, mantissaEnd, shift));
    }

    private static String exponent(String text, int mantissaEnd, long shift) {
        int from = mantissaEnd + 1;
        if (from >= text.length()) {
            return Long.toString(shift);
        }
        if (text.length() - from > MAX_EXPONENT_LENGTH) {
            return text;
        }
        return new BigInteger(text.substring(from))
                .add(BigInteger.valueOf(shift))
                .toString();
    }

    private static int exponentMark(String text) {
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == 'e' || c == 'E') {
                return i;
            }
        }
        return text.length();
    }
}
