/** Measures of a graph: what falls apart, how central it is, how well it is connected, how reliable. */

import { requireCount, requireWithin } from "./statistics.ts";

/** Vertices are numbers from 0; each edge once, in either direction. */
export type Graph = {
  readonly vertices: number;
  readonly edges: readonly (readonly [number, number])[];
};

/** Each vertex with all that can be reached from it, as the smallest of them. @param gone is left out. */
function componentNames({ vertices, edges }: Graph, gone = -1): readonly number[] {
  const names = Array.from({ length: vertices }, (_, vertex) => vertex);
  const rootOf = (vertex: number): number => {
    let root = vertex;
    while (names[root] !== root) root = names[root] ?? root;
    return root;
  };
  for (const [a, b] of edges) {
    if (a === gone || b === gone) continue;
    const [first, second] = [rootOf(a), rootOf(b)];
    names[Math.max(first, second)] = Math.min(first, second);
  }
  return names.map((_, vertex) => rootOf(vertex));
}

/** How many parts there are. @param gone a vertex that is not there. */
export function countComponents(graph: Graph, gone = -1): number {
  const roots = componentNames(graph, gone).filter((_, vertex) => vertex !== gone);
  return new Set(roots).size;
}

/** Vertices without which the graph has more parts. */
export function articulationPoints(graph: Graph): number[] {
  const whole = countComponents(graph);
  const all = Array.from({ length: graph.vertices }, (_, vertex) => vertex);
  return all.filter((vertex) => countComponents(graph, vertex) > whole);
}

/**
 * How much one vertex stands out by its neighbours: 1 for a star, 0 where all have as many.
 *
 * @see Freeman, Centrality in Social Networks, 1978
 */
export function degreeCentralisation({ vertices, edges }: Graph): number {
  requireCount("vertices", vertices, 3);
  const degrees = degreesOf({ vertices, edges });
  const largest = Math.max(...degrees);
  const missing = degrees.reduce((sum, degree) => sum + largest - degree, 0);
  return missing / ((vertices - 1) * (vertices - 2));
}

function degreesOf({ vertices, edges }: Graph): number[] {
  const degrees = Array.from({ length: vertices }, () => 0);
  for (const end of edges.flat()) degrees[end] = (degrees[end] ?? 0) + 1;
  return degrees;
}

/**
 * The second smallest eigenvalue of the Laplacian: 0 if the graph is in parts, and the larger, the
 * harder it is to cut.
 *
 * @see Fiedler, Algebraic Connectivity of Graphs, 1973; by Jacobi's rotations
 */
export function algebraicConnectivity(graph: Graph): number {
  const eigenvalues = eigenvaluesOf(laplacianOf(graph)).sort((a, b) => a - b);
  return eigenvalues[1] ?? 0;
}

type Matrix = number[][];

function laplacianOf(graph: Graph): Matrix {
  const degrees = degreesOf(graph);
  const rows = degrees.map((degree, at) => degrees.map((_, other) => (other === at ? degree : 0)));
  for (const [a, b] of graph.edges) {
    for (const [row, column] of [
      [a, b],
      [b, a],
    ] as const) {
      const cells = rows[row];
      if (cells !== undefined) cells[column] = (cells[column] ?? 0) - 1;
    }
  }
  return rows;
}

const sweepsMax = 100;
const offDiagonalMax = 1e-24;

/** Of a symmetric matrix, which is changed. */
function eigenvaluesOf(matrix: Matrix): number[] {
  const size = matrix.length;
  const at = (row: number, column: number): number => matrix[row]?.[column] ?? 0;
  for (let sweep = 0; sweep < sweepsMax; sweep++) {
    let offDiagonal = 0;
    for (let row = 0; row < size; row++) {
      for (let column = row + 1; column < size; column++) {
        offDiagonal += at(row, column) ** 2;
        rotate(matrix, row, column);
      }
    }
    if (offDiagonal < offDiagonalMax) break;
  }
  return matrix.map((_, position) => at(position, position));
}

/** Makes one pair of cells zero. */
function rotate(matrix: Matrix, p: number, q: number): void {
  const [rowP, rowQ] = [matrix[p], matrix[q]];
  const cell = rowP?.[q] ?? 0;
  if (rowP === undefined || rowQ === undefined || cell === 0) return;
  const angle = 0.5 * Math.atan2(2 * cell, (rowQ[q] ?? 0) - (rowP[p] ?? 0));
  const [x, y] = [Math.cos(angle), Math.sin(angle)];
  for (const row of matrix) {
    const [a, b] = [row[p] ?? 0, row[q] ?? 0];
    row[p] = x * a - y * b;
    row[q] = y * a + x * b;
  }
  for (let column = 0; column < matrix.length; column++) {
    const [a, b] = [rowP[column] ?? 0, rowQ[column] ?? 0];
    rowP[column] = x * a - y * b;
    rowQ[column] = y * a + x * b;
  }
}

/** All edge states are tried: 2 to this power. */
export const reliabilityEdgesMax = 20;

/**
 * The probability that all vertices are in one part, when each edge is there with this probability.
 *
 * @throws RangeError above `reliabilityEdgesMax` edges.
 */
export function allTerminalReliability(graph: Graph, probability: number): number {
  return reliability(graph, probability, (part) => countComponents(part) === 1);
}

/** The same for the first vertex and the last one only. */
export function twoTerminalReliability(graph: Graph, probability: number): number {
  return reliability(graph, probability, areEndsTogether);
}

/** Whether the first and the last vertex are in one part. */
export function areEndsTogether(graph: Graph): boolean {
  const names = componentNames(graph);
  return names[0] === names.at(-1);
}

function reliability(
  { vertices, edges }: Graph,
  probability: number,
  works: (graph: Graph) => boolean,
): number {
  requireWithin("probability", probability, 0, 1);
  if (edges.length > reliabilityEdgesMax) {
    throw new RangeError(`a graph may have ${reliabilityEdgesMax} edges, not ${edges.length}`);
  }
  let sum = 0;
  for (let state = 0; state < 1 << edges.length; state++) {
    const there = edges.filter((_, edge) => (state >> edge) & 1);
    if (!works({ vertices, edges: there })) continue;
    const missing = edges.length - there.length;
    sum += probability ** there.length * (1 - probability) ** missing;
  }
  return sum;
}

// --- Graphs that are known by name ----------------------------------------------------------------

export function star(vertices: number): Graph {
  return { vertices, edges: numbers(vertices - 1).map((at) => [0, at + 1]) };
}

export function ring(vertices: number): Graph {
  return { vertices, edges: numbers(vertices).map((at) => [at, (at + 1) % vertices]) };
}

export function complete(vertices: number): Graph {
  const edges = numbers(vertices).flatMap((a) => {
    return numbers(a).map((b): [number, number] => [b, a]);
  });
  return { vertices, edges };
}

/** Each vertex but the first hangs on the one of half its number. */
export function binaryTree(vertices: number): Graph {
  return { vertices, edges: numbers(vertices - 1).map((at) => [at >> 1, at + 1]) };
}

/** A ring of an even number in which opposite vertices are linked, too: each has three neighbours. */
export function ladder(vertices: number): Graph {
  const half = vertices / 2;
  const across = numbers(half).map((at): [number, number] => [at, at + half]);
  return { vertices, edges: [...ring(vertices).edges, ...across] };
}

/** Four vertices, two ways from the first to the last, and an edge between the ways. */
export const bridge: Graph = {
  vertices: 4,
  edges: [
    [0, 1],
    [0, 2],
    [1, 2],
    [1, 3],
    [2, 3],
  ],
};

function numbers(count: number): number[] {
  return Array.from({ length: count }, (_, at) => at);
}
