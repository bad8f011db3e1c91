package io.forebay.schemas.serde;

import io.forebay.schemas.avro.EventCommand;
import io.forebay.schemas.avro.InstanceKey;
import io.forebay.schemas.avro.KeyChanged;
import io.forebay.schemas.avro.KeyCommand;
import io.forebay.schemas.avro.PresenceChanged;
import io.forebay.schemas.avro.PresenceCommand;
import io.forebay.schemas.avro.RecordedEvent;
import io.forebay.schemas.avro.RowChange;
import io.forebay.schemas.avro.SealedContent;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.avro.Schema;
import org.apache.avro.util.ClassSecurityValidator;

/**
 * Tells Avro which generated classes may be made from a schema. Since 1.12 Avro makes only classes it has been told to
 * trust, because the name of a class to make comes from a schema that anybody may have registered. The setting is one for
 * the whole process; whatever was trusted before stays trusted. All published types are trusted at once, because
 * Confluent's own serializer looks for the class even when it writes a generic record of one of them.
 */
final class TrustedClasses {

    private static final Set<String> NAMES = ConcurrentHashMap.newKeySet();

    static {
        ClassSecurityValidator.setGlobal(ClassSecurityValidator.composite(
                ClassSecurityValidator.getGlobal(), type -> NAMES.contains(type.getName())));
    }

    private TrustedClasses() {}

    /** Trusts the classes of all published schemas. */
    static void addPublished() {
        add(PresenceCommand.getClassSchema());
        add(PresenceChanged.getClassSchema());
        add(KeyCommand.getClassSchema());
        add(KeyChanged.getClassSchema());
        add(RowChange.getClassSchema());
        add(EventCommand.getClassSchema());
        add(RecordedEvent.getClassSchema());
        add(InstanceKey.getClassSchema());
        add(SealedContent.getClassSchema());
    }

    /** Trusts the classes of all named types of a schema of ours. */
    static void add(Schema schema) {
        switch (schema.getType()) {
            case RECORD -> {
                if (NAMES.add(schema.getFullName())) {
                    schema.getFields().forEach(field -> add(field.schema()));
                }
            }
            case ENUM, FIXED -> NAMES.add(schema.getFullName());
            case ARRAY -> add(schema.getElementType());
            case MAP -> add(schema.getValueType());
            case UNION -> schema.getTypes().forEach(TrustedClasses::add);
            default -> {}
        }
    }
}
