package io.forebay.http;

import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.OctetKeyPair;
import com.nimbusds.jose.jwk.RSAKey;
import com.nimbusds.jose.util.Base64URL;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PublicKey;
import java.security.interfaces.ECPublicKey;
import java.security.interfaces.EdECPublicKey;
import java.security.interfaces.RSAPublicKey;
import java.security.spec.X509EncodedKeySpec;
import java.text.ParseException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Reads public keys from a file: a JSON Web Key Set, one JSON Web Key, or PEM blocks of SubjectPublicKeyInfo. */
final class KeyFile {
    private static final Pattern PEM =
            Pattern.compile("-----BEGIN PUBLIC KEY-----([A-Za-z0-9+/=\\s]+)-----END PUBLIC KEY-----");
    private static final List<String> KEY_TYPES = List.of("RSA", "EC", "Ed25519");
    private static final int ED25519_BYTES = 32;

    private KeyFile() {}

    static JWKSet read(Path file) throws IOException {
        String text = Files.readString(file);
        List<JWK> keys = text.contains("-----BEGIN") ? pem(text) : json(text);
        if (keys.isEmpty()) {
            throw new IOException("holds no public key of type RSA, EC or Ed25519");
        }
        return new JWKSet(keys);
    }

    private static List<JWK> json(String text) throws IOException {
        try {
            List<JWK> keys = text.contains("\"keys\"") ? JWKSet.parse(text).getKeys() : List.of(JWK.parse(text));
            List<JWK> publicKeys = new ArrayList<>();
            for (JWK key : keys) {
                JWK publicKey = key.toPublicJWK();
                if (publicKey != null) {
                    publicKeys.add(publicKey);
                }
            }
            return publicKeys;
        } catch (ParseException e) {
            throw new IOException("is neither a JSON Web Key Set nor PEM", e);
        }
    }

    private static List<JWK> pem(String text) throws IOException {
        List<JWK> keys = new ArrayList<>();
        Matcher blocks = PEM.matcher(text);
        while (blocks.find()) {
            keys.add(jwk(publicKey(Base64.getMimeDecoder().decode(blocks.group(1)))));
        }
        return keys;
    }

    private static PublicKey publicKey(byte[] encoded) throws IOException {
        GeneralSecurityException last = null;
        for (String type : KEY_TYPES) {
            try {
                return KeyFactory.getInstance(type).generatePublic(new X509EncodedKeySpec(encoded));
            } catch (GeneralSecurityException e) {
                last = e;
            }
        }
        throw new IOException("holds a public key of another type than RSA, EC or Ed25519", last);
    }

    private static JWK jwk(PublicKey key) throws IOException {
        if (key instanceof RSAPublicKey rsa) {
            return new RSAKey.Builder(rsa).build();
        }
        if (key instanceof ECPublicKey ec) {
            Curve curve = Curve.forECParameterSpec(ec.getParams());
            if (curve == null) {
                throw new IOException("holds an EC key on an unknown curve");
            }
            return new ECKey.Builder(curve, ec).build();
        }
        if (key instanceof EdECPublicKey ed) {
            byte[] encoded = ed.getEncoded();
            byte[] x = Arrays.copyOfRange(encoded, encoded.length - ED25519_BYTES, encoded.length);
            return new OctetKeyPair.Builder(Curve.Ed25519, Base64URL.encode(x)).build();
        }
        throw new IOException("holds a public key of an unknown kind");
    }
}
