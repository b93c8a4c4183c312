def latent_scale(first_stage, x):
    with torch.no_grad():
        mu = first_stage.encode(x)[0]
    return 1 / mu.std().item()
