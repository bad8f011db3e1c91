package io.forebay.remote;

import io.forebay.schemas.json.JsonLimits;
import io.forebay.schemas.json.JsonObject;
import io.forebay.schemas.json.JsonSyntaxException;
import java.net.http.HttpHeaders;
import org.jspecify.annotations.Nullable;

/** What was answered to a request. For one thread. */
public final class Reply {

    private static final String POSITION = "Forebay-Position";
    private static final int FIRST_FAILURE = 300;

    private final String url;
    private final int status;
    private final HttpHeaders headers;
    private final byte[] body;
    private @Nullable JsonObject json;

    Reply(String url, int status, HttpHeaders headers, byte[] body) {
        this.url = url;
        this.status = status;
        this.headers = headers;
        this.body = body;
    }

    /** The HTTP status. */
    public int status() {
        return status;
    }

    /** Whether what was asked for was done. */
    public boolean isSuccess() {
        return status < FIRST_FAILURE;
    }

    /** This reply, if it is a success. */
    public Reply orFail() {
        if (!isSuccess()) {
            throw failure();
        }
        return this;
    }

    /** This refusal, as a failure that cannot be helped. */
    public RemoteException failure() {
        String advice = switch (status) {
            case 401 -> "; a token is given in a file (--token-file) or as FOREBAY_TOKEN in the environment";
            case 404 -> "; is it the URL of a Forebay that runs events?";
            default -> "";
        };
        return new RemoteException(url + " answers " + refusal() + advice);
    }

    /** What a refusal tells. */
    public Refusal refusal() {
        return Refusal.of(status, body);
    }

    /** The token of the answer's position; empty where nothing has been written yet. */
    public String position() {
        return headers.firstValue(POSITION).orElse("");
    }

    /** The body, an object. */
    public JsonObject json() {
        if (json == null) {
            try {
                json = JsonObject.parse(body, new JsonLimits(Integer.MAX_VALUE, JsonLimits.GREATEST_MAX_DEPTH));
            } catch (JsonSyntaxException e) {
                throw strange();
            }
        }
        return json;
    }

    /** A success that is not what a Forebay would answer. */
    public RemoteException strange() {
        return new RemoteException(url + " answers " + status + " as no Forebay of this version does");
    }

    String header(String name) {
        return headers.firstValue(name).orElse("");
    }
}
