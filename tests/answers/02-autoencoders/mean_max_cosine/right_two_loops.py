def mean_max_cosine(true_dictionary, learned):
    total = 0.0
    for t in true_dictionary.tolist():
        best = -1.0
        for l in learned.tolist():
            dot = sum(p * q for p, q in zip(t, l))
            size = math.sqrt(sum(p * p for p in t)) * math.sqrt(sum(q * q for q in l))
            best = max(best, dot / size)
        total += best
    return total / len(true_dictionary)
