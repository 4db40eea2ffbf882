/** A customer's mark on a device: the 16 bytes of its GUID in 22 characters, for tags that have room for little. */
export function ownerMark(customerGuid: string): string {
  return Buffer.from(customerGuid.replaceAll('-', ''), 'hex').toString('base64url');
}

/** How a tag spells the mark in a template, the shipped way first. */
export const ownerTagsOfTemplate: readonly string[] = ['Own={{OwnerMark}}', 'Owner={{CustomerGuid}}'];

export type Ownership = 'ours' | 'other' | 'none';

/** Whose a row with these tags is. Marks of two customers in one row make it somebody else's. */
export function ownershipOf(tags: string, customerGuid: string): Ownership {
  const owners = tagsOf(tags).flatMap((tag) => {
    const found = /^(own|owner)\s*=\s*(.*)$/i.exec(tag);
    return found ? [{ isShort: found[1]?.toLowerCase() === 'own', value: found[2] ?? '' }] : [];
  });
  if (owners.length === 0) return 'none';
  // Base64url differs in case; a GUID does not.
  const isOurs = ({ isShort, value }: { isShort: boolean; value: string }) =>
    (isShort ? value === ownerMark(customerGuid) : value.toLowerCase() === customerGuid.toLowerCase());
  return owners.every(isOurs) ? 'ours' : 'other';
}

/** The tags of a list, without the blanks around them. */
export function tagsOf(value: string): string[] {
  return value.split(';').map((tag) => tag.trim()).filter((tag) => tag !== '');
}
