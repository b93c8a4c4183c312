def latent_scale(first_stage, x):
    z = encode_latents(first_stage, x, 1.0)
    return 1 / z.double().std(correction=0).item()
