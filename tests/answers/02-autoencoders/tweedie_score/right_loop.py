def tweedie_score(x_noisy, denoised, sigma):
    rows = []
    for a, b in zip(x_noisy, denoised):
        rows.append((b - a) * sigma**-2)
    return torch.stack(rows)
