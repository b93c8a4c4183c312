def latent_scale(first_stage, x):
    n, total, squares = 0, 0.0, 0.0
    for part in x.split(500):
        mu = first_stage.encode(part)[0].detach().double()
        n, total, squares = n + mu.numel(), total + mu.sum().item(), squares + (mu**2).sum().item()
    return 1 / math.sqrt(squares / n - (total / n) ** 2)
