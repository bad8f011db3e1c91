package io.forebay.records.model;

import java.util.List;

/**
 * How rows of one table, the owner, lead to rows of another. Keys are compared as text, part by part, and a key with a null in
 * it leads nowhere and is led to by nothing.
 */
public sealed interface Association {

    /** Its name, within the owner. */
    String name();

    /** Name of the table that has it. */
    String owner();

    /** Name of the table whose rows it leads to. */
    String table();

    /** Which of the rows found it leads to. */
    Conditions where();

    /** In what order. */
    Ordering order();

    /** Whether it leads to any number of rows, not to one at most. */
    boolean isMany();

    /** An association of two tables, none of which stands between them but a join table. */
    sealed interface Direct extends Association {}

    /** One that looks up rows of the other table by columns of theirs, which hold the owner's primary key. */
    sealed interface Has extends Direct {

        /** Columns of the other table, as many as the owner's primary key has, in its order. */
        List<String> foreignKey();
    }

    /**
     * To the row whose primary key is in columns of the owner.
     *
     * @param foreignKey columns of the owner, as many as the other table's primary key has, in its order
     */
    record BelongsTo(String name, String owner, String table, List<String> foreignKey, Conditions where)
            implements Direct {
        public BelongsTo {
            foreignKey = List.copyOf(foreignKey);
        }

        @Override
        public Ordering order() {
            return Ordering.NONE;
        }

        @Override
        public boolean isMany() {
            return false;
        }
    }

    /** To the first of the rows that {@link HasMany} would lead to; without an order to the one of least primary key. */
    record HasOne(String name, String owner, String table, List<String> foreignKey, Conditions where, Ordering order)
            implements Has {
        public HasOne {
            foreignKey = List.copyOf(foreignKey);
        }

        @Override
        public boolean isMany() {
            return false;
        }
    }

    /** To the rows that hold the owner's primary key. */
    record HasMany(String name, String owner, String table, List<String> foreignKey, Conditions where, Ordering order)
            implements Has {
        public HasMany {
            foreignKey = List.copyOf(foreignKey);
        }

        @Override
        public boolean isMany() {
            return true;
        }
    }

    /**
     * To the rows that a row of a join table ties to the owner; each once, however many rows tie it.
     *
     * @param through name of the join table
     * @param ownerKey columns of the join table with the owner's primary key
     * @param relatedKey columns of the join table with the other table's primary key
     */
    record ManyToMany(
            String name,
            String owner,
            String table,
            String through,
            List<String> ownerKey,
            List<String> relatedKey,
            Conditions where,
            Ordering order)
            implements Direct {
        public ManyToMany {
            ownerKey = List.copyOf(ownerKey);
            relatedKey = List.copyOf(relatedKey);
        }

        @Override
        public boolean isMany() {
            return true;
        }
    }

    /**
     * To what is reached by following associations one after the other; each row once, however many ways lead to it. What
     * is led to is a list, also where no association on the way leads to more than one row.
     *
     * @param path the names in the file
     * @param steps what they stand for, in order, with has_through among them written out; at least one
     */
    record HasThrough(String name, String owner, List<String> path, List<Direct> steps, Ordering order)
            implements Association {
        public HasThrough {
            path = List.copyOf(path);
            steps = List.copyOf(steps);
        }

        @Override
        public String table() {
            return steps.get(steps.size() - 1).table();
        }

        @Override
        public Conditions where() {
            return Conditions.NONE;
        }

        @Override
        public boolean isMany() {
            return true;
        }
    }
}
