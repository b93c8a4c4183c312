def latent_scale(first_stage, x):
    z = first_stage.encode(x)[0].detach().double().flatten()
    mean = z.sum() / len(z)
    return float(((z - mean) ** 2).mean() ** -0.5)
