/**
 * Notes of customers that were cleaned long ago, to be forgotten; the agents' part of the housekeeping. Until then a sweep needs them: they outlive
 * any pause from which an agent may still wake up.
 */
export const settledNotesHousekeeping = ['forget-settled-notes', `DELETE FROM undo_owed WHERE settled_at IS NOT NULL AND customer_guid IN (
     SELECT customer_guid FROM undo_owed WHERE settled_at < now() - $1 * interval '1 day' LIMIT $2) RETURNING 1`] as const;
