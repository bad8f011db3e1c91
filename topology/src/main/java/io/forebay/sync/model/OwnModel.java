package io.forebay.sync.model;

import io.forebay.records.model.Model;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The model of this instance's file, beside the one that partitions of it follow. They differ where another instance was started later with
 * another file. Thread safe.
 */
public final class OwnModel {

    private static final Logger LOG = LoggerFactory.getLogger(OwnModel.class);

    private final KnownModel own;
    private KnownModel followed;

    public OwnModel(Model model) {
        this.own = KnownModel.ofFile(model);
        this.followed = own;
    }

    /** The model of the file. */
    public KnownModel known() {
        return own;
    }

    /** Notes what a partition of this instance follows; tells whether that is the latest heard of. */
    public synchronized boolean follows(KnownModel known) {
        boolean isNew = known.isAfter(followed);
        followed = isNew ? known : followed;
        return isNew;
    }

    /** Notes what a partition of this instance follows from now on, and says so once where it is another than that of the file. */
    public void adopted(KnownModel known) {
        if (follows(known) && isOther()) {
            LOG.warn(
                    "Another instance declared another model: {} in place of {}, which this instance answers by until it is"
                            + " started with the same file",
                    known.fingerprint(),
                    own.fingerprint());
        }
    }

    /** Whether partitions of this instance follow another model than that of its file. */
    public synchronized boolean isOther() {
        return !followed.text().equals(own.text());
    }
}
