/** Rows as one Parquet file, with `messages` as the list of structs that training libraries expect. */
import { parquetWriteBuffer } from 'hyparquet-writer';
import type { DatasetRow } from '../../core/dataset/dataset-row.ts';

type Column = { name: string; type: 'STRING' | 'INT64'; data: (string | bigint)[] };

export const datasetParquet = (rows: readonly DatasetRow[]): Buffer => {
  const text = (name: string, value: (row: DatasetRow) => string): Column => ({
    name,
    type: 'STRING',
    data: rows.map(value),
  });
  const columns = [
    text('problem_id', (row) => row.problem_id),
    { name: 'iteration', type: 'INT64' as const, data: rows.map((row) => BigInt(row.iteration)) },
    text('function_name', (row) => row.function_name),
    text('candidate_id', (row) => row.candidate_id),
  ];
  const buffer = parquetWriteBuffer({
    columnData: [
      { name: 'messages', data: rows.map((row) => row.messages) },
      ...columns.map(({ name, data }) => ({ name, data })),
    ],
    schema: [
      { name: 'root', num_children: 1 + columns.length },
      { name: 'messages', converted_type: 'LIST', repetition_type: 'REQUIRED', num_children: 1 },
      { name: 'list', repetition_type: 'REPEATED', num_children: 1 },
      { name: 'element', repetition_type: 'REQUIRED', num_children: 2 },
      { name: 'role', type: 'BYTE_ARRAY', converted_type: 'UTF8', repetition_type: 'REQUIRED' },
      { name: 'content', type: 'BYTE_ARRAY', converted_type: 'UTF8', repetition_type: 'REQUIRED' },
      ...columns.map(({ name, type }) =>
        type === 'STRING'
          ? {
              name,
              type: 'BYTE_ARRAY' as const,
              converted_type: 'UTF8' as const,
              repetition_type: 'REQUIRED' as const,
            }
          : { name, type, repetition_type: 'REQUIRED' as const },
      ),
    ],
    // Readers need no creation time and no version: equal rows are equal bytes.
    createdBy: 'ucoder',
  });
  return Buffer.from(buffer);
};
