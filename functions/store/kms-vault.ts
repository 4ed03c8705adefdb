import {
  DecryptCommand,
  GenerateDataKeyPairWithoutPlaintextCommand,
  type KMSClient,
} from '@aws-sdk/client-kms';
import { MailferryError } from '../errors.ts';
import type { VaultKeeper } from '../services.ts';

/**
 * A `VaultKeeper` by AWS KMS: GenerateDataKeyPairWithoutPlaintext (ECC_NIST_P256) and Decrypt, both with the
 * context as encryption context, under the symmetric key `keyId`. What a function may do of the two is decided by
 * its IAM policy: the API may only generate. Errors are the SDK's, or `MailferryError('vault')` for an answer
 * without keys.
 */
export function kmsVaultKeeper(client: KMSClient, keyId: string): VaultKeeper {
  return {
    async generate(context) {
      const { PublicKey, PrivateKeyCiphertextBlob } = await client.send(
        new GenerateDataKeyPairWithoutPlaintextCommand({
          KeyId: keyId,
          KeyPairSpec: 'ECC_NIST_P256',
          EncryptionContext: context,
        }),
      );
      if (!PublicKey || !PrivateKeyCiphertextBlob) throw incomplete();
      return { publicKey: PublicKey, wrappedPrivateKey: PrivateKeyCiphertextBlob };
    },
    async unwrap(wrappedPrivateKey, context) {
      const { Plaintext } = await client.send(
        new DecryptCommand({ KeyId: keyId, CiphertextBlob: wrappedPrivateKey, EncryptionContext: context }),
      );
      if (!Plaintext) throw incomplete();
      return Plaintext;
    },
  };
}

function incomplete(): MailferryError {
  return new MailferryError(
    'vault',
    'KMS answered without a key. Try again; if it stays, look at the KMS key.',
  );
}
